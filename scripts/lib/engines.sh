# shellcheck shell=bash
# Python environments of the engines: one folder each under the cache, with versions that were tested. Sourced by the
# scripts beside this folder, after system-packages.sh.

engines_folder=${XDG_CACHE_HOME:-$HOME/.cache}/deepcritic/engines

# What an environment holds. The versions are pinned: engines change names of settings between releases.
engine_requirements() {
  case $1 in
    # Training on one machine, and an OpenAI-compatible server for what was trained.
    trl) echo "torch==2.13.0 trl==1.16.0 transformers[serving]==5.24.0 datasets==5.2.0" ;;
    # Telling whether two answers are the same; apart from the others, since its LaTeX parser wants versions of its own.
    grading) echo "math-verify==0.9.0" ;;
    # Measures of agreement, for the tests that compare ours with them.
    statistics) echo "krippendorff==0.9.0 scikit-learn==1.9.1 statsmodels==0.15.0" ;;
    *) die "there is no engine '$1'." ;;
  esac
}

# Makes an engine's environment unless it is there with these very versions; prints its Python.
ensure_engine() {
  local folder=$engines_folder/$1 wanted
  wanted=$(engine_requirements "$1")
  if [ "$(cat "$folder/requirements.txt" 2>/dev/null)" != "$wanted" ]; then
    say "Making the environment of $1 in $folder (some minutes and gigabytes)"
    # shellcheck disable=SC2046 # A package name or nothing.
    install_packages $(python3 -m venv --help >/dev/null 2>&1 && python3 -c 'import ensurepip' 2>/dev/null || echo python3-venv)
    python3 -m venv "$folder"
    # shellcheck disable=SC2086 # Words of the list.
    "$folder/bin/pip" install --quiet --disable-pip-version-check $wanted >&2
    # Written last: an installation that was interrupted is done again.
    printf '%s\n' "$wanted" >"$folder/requirements.txt"
  fi
  echo "$folder/bin/python"
}
