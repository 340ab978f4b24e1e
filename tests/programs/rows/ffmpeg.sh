# shellcheck shell=bash disable=SC2034
# Writes its header again when it is done; +faststart reads all of it by a second descriptor.
needs=ffmpeg
quiet() { ffmpeg -nostdin -v error -threads 2 "${@:1:$#-1}" -fflags +bitexact -flags +bitexact "${!#}"; }
run() {
  quiet -f lavfi -i testsrc=size=160x120:rate=10 -t 3 -c:v mpeg4 a.mp4
  quiet -i a.mp4 -c copy -movflags +faststart b.mp4; quiet -i a.mp4 -f rawvideo c.yuv
  quiet -f s16le -ar 48000 -ac 2 -t 10 -i "$IN/noise" d.wav; quiet -i d.wav -f wav - >e.wav; quiet -i a.mp4 -c copy f.mkv
}
title='ffmpeg to avi, raw'
large() { quiet -f lavfi -i testsrc=size=640x480:rate=10 -t 5 -c:v rawvideo -pix_fmt yuv420p a.avi; }
