"""Batches are determined by recipe and step, and noise clips have uniform targets."""

import dataclasses
import os

import pytest
import torch

from timesformer.synthetic.clips import draw_clips
from timesformer.synthetic.motion import LABELS
from timesformer.synthetic.textures import dead_leaves
from timesformer.training.batches import (
    MAX_PROCESSES,
    Batches,
    draw_stage,
    num_processes,
    with_noise_clips,
)
from timesformer.training.recipe import STAGES, Recipe, Stage

PICTURES = dead_leaves(2, seed=0)
TINY = Recipe(stages=(Stage(4, 8, 16), Stage(2, 4, 24)), width=16, blocks=2, heads=2, warmup=2)


def test_noise_clips_have_no_subject_and_uniform_targets() -> None:
    clips = draw_clips(20, num_frames=8, size=16, seed=0, camera_share=1.0)
    same, targets = with_noise_clips(clips, 0.0, seed=1)
    assert torch.equal(same.pixels, clips.pixels)
    assert torch.equal(targets.argmax(-1), clips.labels)
    assert (targets.max(-1).values == 1).all()
    half, targets = with_noise_clips(clips, 0.5, seed=1)
    is_noise = (half.pixels != clips.pixels).flatten(1).any(1)
    assert 4 <= is_noise.sum() <= 16
    assert torch.equal(is_noise, (half.masks == 0).flatten(1).all(1))
    assert (targets[is_noise] == 1 / len(LABELS)).all()
    assert (targets[~is_noise].max(-1).values == 1).all()
    assert half.pixels.min() >= 0
    assert half.pixels.max() <= 1
    assert (half.pixels[is_noise].diff(dim=1).abs().mean((1, 2, 3, 4)) > 0.02).all()


def test_batches_are_the_same_in_every_process() -> None:
    batches = Batches(TINY, PICTURES)
    here, elsewhere = (list(batches.loader(3, processes=count)) for count in (0, 1))
    assert len(here) == len(elsewhere) == TINY.steps - 3
    for (clips, targets), (others, other_targets) in zip(here, elsewhere, strict=True):
        assert torch.equal(targets, other_targets)
        for field in dataclasses.fields(clips):
            assert torch.equal(getattr(clips, field.name), getattr(others, field.name))
    clips, targets = batches[4]
    assert torch.equal(clips.pixels, here[1][0].pixels)
    assert torch.equal(targets, here[1][1])


def test_batches_drawn_ahead_fit_the_shared_memory_of_docker() -> None:
    for stage in {dataclasses.replace(stage, steps=1, rate=1.0) for stage in STAGES}:
        clips = draw_stage(stage, PICTURES, seed=0)
        size = sum(tensor.nbytes for tensor in vars(clips).values())
        assert (MAX_PROCESSES + 1) * size < 64e6


@pytest.mark.parametrize(("cores", "processes"), [(1, 0), (2, 1), (64, MAX_PROCESSES)])
def test_processes_use_idle_cores_only(
    cores: int, processes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 64)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(cores)), raising=False)
    assert num_processes(torch.device("cuda")) == processes
    assert num_processes(torch.device("cpu")) == 0
