"""The errors of this package, and sentences that can be said in another language.

Every message can be shown to a visitor as it stands.
"""

from collections.abc import Iterable


class Sentence(str):
    """A sentence in English, with its facts filled in, that remembers both.

    `template` has a place {in_braces}, as of `str.format`, for each of `facts`; without facts it
    is the sentence as it stands. Another language has a template of its own for the same facts.
    """

    template: str
    facts: dict[str, object]

    def __new__(cls, template: str, **facts: object) -> "Sentence":
        sentence = super().__new__(cls, template.format(**facts) if facts else template)
        sentence.template, sentence.facts = template, facts
        return sentence


def joined(sentences: Iterable[str], separator: str = "; ") -> Sentence:
    """Sentences in a row, each with its own translation."""
    facts: dict[str, object] = {f"part_{i}": sentence for i, sentence in enumerate(sentences)}
    return Sentence(separator.join(f"{{{name}}}" for name in facts), **facts)


class TimesformerError(Exception):
    """Root of the errors meant for people: what came, what was wanted, what to do next.

    It takes what `Sentence` takes, or a sentence that is made already.
    """

    def __init__(self, template: str, **facts: object) -> None:
        self.sentence = template if isinstance(template, Sentence) else Sentence(template, **facts)
        super().__init__(self.sentence)


class ClipError(TimesformerError):
    """A video that cannot be read or does not hold what is needed."""


class CheckpointError(TimesformerError):
    """A checkpoint that cannot be found, reached, read or fitted to the model."""
