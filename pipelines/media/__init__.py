"""A recording as people bring it: what is in the file (`probe`), and its sound, once, as every stage reads it.

Everything here is given files that somebody else made. So: names are always whole paths behind `file:` (never taken
for a protocol, an option or a pattern), only containers that hold their own sound are opened, and there are limits on
streams, pixels, length and time.
"""

from pipelines.media.extract import Extracted, extract_audio
from pipelines.media.ffmpeg import ffmpeg_path
from pipelines.media.probe import AudioTrack, MediaInfo, printable, probe

__all__ = ["AudioTrack", "Extracted", "MediaInfo", "extract_audio", "ffmpeg_path", "printable", "probe"]
