# shellcheck shell=bash disable=SC2034
needs=tar
output=ordered
run() { tar --checkpoint=50 --checkpoint-action=echo='%u' --index-file=list -vcf a.tar -C "$IN" tree; }
