# shellcheck shell=bash disable=SC2034
needs='bash dash'
run() { in_shells <<'SH'
  cat >a <<END
$(seq 20000)
END
  cat <<-'END' >>a
	tabs $gone
	END
  { cat; echo end; } >b <a
SH
}
