# shellcheck shell=bash
# Sourced by the scripts beside it: says what is being done, keeps the noise of tools in a log and
# shows that log only when a tool fails. Expects the working directory to be the repository.
# Input: LOG, the file that takes the noise.

# One cache for all checkouts: what was compiled in another folder is the same object.
export CCACHE_BASEDIR="${CCACHE_BASEDIR:-$PWD}" CCACHE_NOHASHDIR="${CCACHE_NOHASHDIR:-1}"

start_log() {
  mkdir -p "$(dirname "$LOG")"
  : >"$LOG"
}

# quietly WHAT COMMAND...: one line when it takes a while or fails, nothing otherwise.
quietly() {
  local what=$1 started=$SECONDS status=0
  shift
  printf '== %s: %s\n' "$what" "$*" >>"$LOG"
  "$@" >>"$LOG" 2>&1 </dev/null || status=$?
  if ((status != 0)); then
    printf '%s: failed after %d s (exit status %d). The end of %s:\n\n' \
      "$what" $((SECONDS - started)) "$status" "$LOG" >&2
    tail -n 60 "$LOG" >&2
    return "$status"
  fi
  if ((SECONDS - started >= 2)); then
    printf '%s: done in %d s\n' "$what" $((SECONDS - started))
  fi
}

# configure PRESET [ARGUMENT...]: only when it was never done or the presets changed; ninja watches the rest.
configure() {
  local preset=$1
  shift
  local made=build/$preset/build.ninja
  if [[ ! -e $made || CMakePresets.json -nt $made ]]; then
    quietly "configure $preset" cmake --preset "$preset" "$@" || return
    touch "$made"
  fi
}

# build PRESET [TARGET...]
build() {
  local preset=$1
  shift
  quietly "build $preset${1:+ ($*)}" cmake --build "build/$preset" -j "$(nproc)" ${1:+--target "$@"}
}
