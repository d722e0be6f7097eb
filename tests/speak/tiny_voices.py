"""Neural voices of a few kilobytes: real files for the real loaders, tones instead of speech.

Every phoneme id lasts as many frames as the pace says, so that lengths can be told beforehand.
"""

import json

import numpy as np
import pytest

onnx = pytest.importorskip("onnx", reason="onnx, of the extra dev, is not installed")

#: Frames of a piper phoneme id at length scale 1; every phoneme is followed by an id for the gap.
PIPER_FRAMES = 768
PIPER_HOP = 256
#: Frames of a kokoro token at speed 1.
KOKORO_FRAMES = 1536
PIPER_HZ = 22_050
KOKORO_HZ = 24_000

_LETTERS = (
    " !'(),-.:;?abcdefghijklmnopqrstuvwxyz"
    "æçðøħŋœɐɑɒɓɔɕɖɗɘəɚɛɜɞɟɠɡɢɣɤɥɦɧɨɪɫɬɭɮɯɰɱɲɳɴɵɶɸɹɺɻɽɾ"
    "ʀʁʂʃʄʈʉʊʋʌʍʎʏʐʑʒʔʕʘʙʛʜʝʟʡʢʲˈˌːˑ˞βθχᵻⱱ\u0329\u0303"
)


def _node(kind, inputs, output, **attributes):
    return onnx.helper.make_node(kind, inputs, [output], **attributes)


def _tone(ids, frames_per_id, output):
    """Return the nodes that make a tone of every id, half as loud as can be.

    Args:
        ids: Name of the int64 tensor [1, N].
        frames_per_id: Name of an int64 scalar.
        output: Name of the sound.
    """
    return [
        _node("Range", ["zero", frames_per_id, "one"], "steps"),
        _node("Cast", ["steps"], "steps_f", to=1),
        _node("Mul", ["steps_f", "step"], "wave"),
        _node("Cast", [ids], "ids_f", to=1),
        _node("Add", ["ids_f", "eight"], "pitch"),
        _node("Unsqueeze", ["pitch", "last_axis"], "column"),
        _node("Mul", ["column", "wave"], "phase"),
        _node("Sin", ["phase"], "sine"),
        _node("Mul", ["sine", "half"], "soft"),
        _node("Reshape", ["soft", "shape"], output),
    ]


def _constants(shape, **values):
    values |= {
        "zero": np.array(0, np.int64),
        "one": np.array(1, np.int64),
        "step": np.array(0.002, np.float32),
        "eight": np.array(8, np.float32),
        "half": np.array(0.5, np.float32),
        "last_axis": np.array([2], np.int64),
        "shape": np.array(shape, np.int64),
    }
    return [onnx.numpy_helper.from_array(value, name) for name, value in values.items()]


def _save(path, nodes, inputs, outputs, constants):
    graph = onnx.helper.make_graph(nodes, "tiny", inputs, outputs, constants)
    opset = [onnx.helper.make_opsetid("", 15)]
    model = onnx.helper.make_model(graph, opset_imports=opset, ir_version=8)
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString())


def write_piper_voice(folder, name="tiny", *, speakers=None, without="", has_durations=True):
    """Write ``NAME.onnx`` and ``NAME.onnx.json``; return the path of the model.

    Args:
        folder: Where.
        name: Of the voice.
        speakers: Name to number.
        without: Symbols that the voice does not know.
        has_durations: Whether the graph has the one ``Ceil`` node that piper finds durations by.
    """
    info = onnx.helper.make_tensor_value_info
    inputs = [
        info("input", onnx.TensorProto.INT64, [1, "ids"]),
        info("input_lengths", onnx.TensorProto.INT64, [1]),
        info("scales", onnx.TensorProto.FLOAT, [3]),
    ]
    if speakers:
        inputs.append(info("sid", onnx.TensorProto.INT64, [1]))
    nodes = [
        _node("Gather", ["scales", "one"], "length_scale"),
        _node("Mul", ["length_scale", "hops"], "hops_per_id"),
        _node("Shape", ["input"], "ids_shape"),
        _node("Expand", ["hops_per_id", "ids_shape"], "all_hops"),
        _node("Ceil" if has_durations else "Floor", ["all_hops"], "durations"),
        _node("ReduceMax", ["durations"], "whole_hops", keepdims=0),
        _node("Cast", ["whole_hops"], "hops_i", to=7),
        _node("Mul", ["hops_i", "hop"], "frames"),
        *_tone("input", "frames", "output"),
    ]
    constants = _constants(
        [1, 1, 1, -1],
        hops=np.array(PIPER_FRAMES / PIPER_HOP, np.float32),
        hop=np.array(PIPER_HOP, np.int64),
    )
    outputs = [info("output", onnx.TensorProto.FLOAT, [1, 1, 1, "time"])]
    path = folder / f"{name}.onnx"
    _save(path, nodes, inputs, outputs, constants)
    symbols = ["_", "^", "$", *(c for c in _LETTERS if c not in without)]
    config = {
        "audio": {"sample_rate": PIPER_HZ},
        "espeak": {"voice": "en-us"},
        "language": {"code": "en_US"},
        "phoneme_type": "espeak",
        "num_symbols": 256,
        "num_speakers": len(speakers or {"": 0}),
        "speaker_id_map": speakers or {},
        "inference": {"noise_scale": 0.667, "length_scale": 1, "noise_w": 0.8},
        "phoneme_id_map": {symbol: [number] for number, symbol in enumerate(symbols)},
    }
    path.with_name(f"{name}.onnx.json").write_text(json.dumps(config), "utf-8")
    return path


def write_kokoro_voices(folder, names=("af_tiny", "bm_tiny"), *, has_durations=True):
    """Write ``tiny.onnx`` and ``voices-tiny.bin``; return both paths."""
    info = onnx.helper.make_tensor_value_info
    inputs = [
        info("input_ids", onnx.TensorProto.INT64, [1, "ids"]),
        info("style", onnx.TensorProto.FLOAT, [1, 256]),
        info("speed", onnx.TensorProto.FLOAT, [1]),
    ]
    nodes = [
        _node("ReduceMax", ["speed"], "factor", keepdims=0),
        _node("Div", ["natural", "factor"], "frames_f"),
        _node("Cast", ["frames_f"], "frames", to=7),
        *_tone("input_ids", "frames", "waveform"),
        _node("Shape", ["input_ids"], "ids_shape"),
        _node("Expand", ["frames", "ids_shape"], "duration"),
    ]
    outputs = [info("waveform", onnx.TensorProto.FLOAT, ["time"])]
    if has_durations:
        outputs.append(info("duration", onnx.TensorProto.INT64, [1, "ids"]))
    constants = _constants([-1], natural=np.array(KOKORO_FRAMES, np.float32))
    model, voices = folder / "tiny.onnx", folder / "voices-tiny.bin"
    _save(model, nodes, inputs, outputs, constants)
    with voices.open("wb") as file:
        np.savez(file, **{name: np.zeros((510, 1, 256), np.float32) for name in names})
    return model, voices
