"""What people see and hear of a recording, made from it once: video, sound, poster, small pictures, waveform.

Each function makes its own files in a folder, whole or not at all, on the clock of the sound that is analysed, and
takes hostile files as `pipelines.media` does. OpenCV and libav load only when one is called.
"""

from pipelines.media.renditions.peaks import Peaks, peaks
from pipelines.media.renditions.poster import Poster, poster
from pipelines.media.renditions.sprite import Sprite, sprite
from pipelines.media.renditions.web import AudioOnly, WebVideo, audio_only, web_video

__all__ = [
    "AudioOnly", "Peaks", "Poster", "Sprite", "WebVideo", "audio_only", "peaks", "poster", "sprite", "web_video"
]  # fmt: skip
