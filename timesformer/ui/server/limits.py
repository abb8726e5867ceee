"""Every limit that a visitor can reach.

The page's code reads a limit as `limits.NAME`. Sentences and tests take their numbers from here.
The limits of the last group are set elsewhere and repeated here.
"""

from ...hub import client
from ...video import limits as video
from ...visualize import explorer

# Uploads
MAX_UPLOAD_BYTES = video.SANDBOX_LIMITS.max_file_bytes  # a file; set in video/limits.py
MAX_FORM_BYTES = MAX_UPLOAD_BYTES + 64 * 1024  # a file and the multipart headers around it
MAX_DRAINED_BYTES = 2 * MAX_FORM_BYTES  # read before a refusal; browsers ignore earlier answers
MAX_UPLOADS = 128  # at once
MAX_UPLOADS_PER_ADDRESS = 40  # at once; a class of 30 shares one address
MAX_UPLOAD_WAIT_SECONDS = 10.0  # for another upload from the same address to end
MIN_FREE_UPLOADS = 3  # of the largest size that must fit on the disk beside uploads on their way

# Requests
MAX_JSON_BYTES = 256 * 1024
MAX_LINK = 1000  # characters in a QR code; more dots are too small for a projector
MAX_FILES_PER_REQUEST = 12  # named in one JSON body; a button names six at most
MAX_BODY_SECONDS = 300.0  # for the whole body
MAX_SILENCE_SECONDS = 30.0  # between two parts of a body
RATE_BURST = 120.0  # uploads, and tabs, that an address may open at once: a class, several times
RATE_PER_SECOND = 1.0  # more of them after the burst
MAX_ADDRESSES = 10_000  # remembered for the rate limit

# Queue
MAX_TABS = 300  # sessions that Gradio remembers
MAX_WAITING = 64  # requests in the queue
MAX_REQUESTS_PER_TAB = 12  # waiting or running
MAX_MODEL_REQUESTS_PER_TAB = 2  # of them that need the model: one runs, one waits

# Time to live, and caches
SWEEP_SECONDS = 60.0  # between two sweeps of the temporary files
MAX_STAY_SECONDS = 600.0  # of visitors' files and frames after their last use; a promise
TTL_SECONDS = MAX_STAY_SECONDS - 2 * SWEEP_SECONDS  # from the sweep that finds a file
MAX_CLIP_CACHE_BYTES = 512_000_000  # ten clips of 1080p with eight frames, or 69 camera recordings
MAX_DISCARDED_CLIPS = 10_000  # remembered; an address sends at most 600 in ten minutes
MAX_CACHED_ANSWERS = 96  # to the examples
MAX_CACHED_HEATMAPS = 64  # of an answer; those of the embedded models' ten labels are 43

# Models
MAX_LOADED_MODELS = 2  # beside the embedded ones, which are small
MAX_MODEL_BYTES = 10**9  # a weights file that a visitor names; the largest published one has 0.5 GB
MAX_CONFIG_BYTES = client.MAX_JSON_BYTES  # a config, which is JSON
MIN_FREE_DISK_BYTES = 5 * 10**9  # below it, no model that a visitor names is downloaded
MAX_WORK_SECONDS = 120.0  # estimated; longer work is refused before it starts
MAX_GPU_SECONDS = 30  # a call on ZeroGPU

# Set elsewhere, because they also hold outside the page: in video/limits.py and
# visualize/explorer.py. They are repeated for readers, sentences and tests. Another value here has
# no effect.
MAX_SCANNED_FRAMES = video.MAX_FRAMES  # from the first frame of the video on
MAX_STREAMS = video.MAX_STREAMS  # of a file
MAX_SOURCE_PIXELS = video.MAX_SOURCE_PIXELS  # a frame
MAX_FRAME_PIXELS = video.MAX_FRAME_PIXELS  # a frame; larger ones are reduced
MAX_CLIP_PIXELS = video.MAX_CLIP_PIXELS  # all frames of a clip
MAX_READ_SECONDS = video.SANDBOX_LIMITS.max_seconds  # a clip, in the sandbox
MAX_READ_CPU_SECONDS = video.SANDBOX_LIMITS.max_cpu_seconds
MAX_READ_MEMORY_BYTES = video.SANDBOX_LIMITS.max_memory_bytes
MAX_READERS = video.MAX_WORKERS  # sandboxed, at once
MAX_ATTENTION_BYTES = explorer.MAX_BYTES  # all blocks, sent without a request
MAX_ATTENTION_PART_BYTES = explorer.MAX_PART_BYTES  # one block or one frame, sent on request
