"""MP3 files of any sound, encoded in one stream: what finished files are compared with."""

from audiobrief.assemble.encode import Mp3Writer, check_format
from audiobrief.assemble.lame import interleaved, make_encoder


def encode(blocks, spec, target):
    """Write mono blocks of 16-bit frames as an MP3 that decodes to their level and length."""
    check_format(spec)
    encoder, writer, frame_count = make_encoder(spec), Mp3Writer(target), 0
    for block in blocks:
        frame_count += block.size
        writer.write(bytes(encoder.encode(interleaved(block, spec))))
    writer.write(bytes(encoder.flush()))
    writer.close(frame_count)
