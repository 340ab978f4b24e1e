# shellcheck shell=bash disable=SC2034
needs=openssl
run() {
  openssl enc -aes-128-ctr -K 00112233445566778899aabbccddeeff -iv 0 -in "$IN/noise" -out a
  openssl enc -aes-128-cbc -K 00112233445566778899aabbccddeeff -iv 0 -a -in "$IN/noise" >b
  openssl enc -d -aes-128-ctr -K 00112233445566778899aabbccddeeff -iv 0 -in a -out c; cmp c "$IN/noise"
  openssl dgst -sha256 -binary -out d "$IN/noise"; openssl base64 -in "$IN/text" -out e
  openssl zlib -in "$IN/text" -out f 2>/dev/null || rm -f f
}
title='openssl enc'
large() { openssl enc -aes-128-ctr -K 00112233445566778899aabbccddeeff -iv 0 -in "$IN/large" -out a; }
