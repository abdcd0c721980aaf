# shellcheck shell=bash
# Python environments of the engines: one folder each under the cache, with versions that were tested. Sourced by the
# scripts beside this folder, after system-packages.sh.

engines_folder=${XDG_CACHE_HOME:-$HOME/.cache}/deepcritic/engines

# What an environment holds: the same list that the program has (deepcritic engines install).
engine_requirements() {
  # What tests compare the program with, and what shows its documentation; the program does not need them.
  case $1 in
    statistics) echo "krippendorff==0.9.0 scikit-learn==1.9.1 statsmodels==0.15.0" && return ;;
    browser) echo "playwright==1.65.2" && return ;;
    site) echo "mkdocs-material==9.8.2" && return ;;
    markdown) echo "markdown-it-py==4.3.0 mdit-py-plugins==0.7.0" && return ;;
  esac
  local list
  list=$(sed -n "s/^$1 [a-z]* //p" "$(dirname "${BASH_SOURCE[0]}")/../../Sources/Training/Engines/engines.txt")
  [ -n "$list" ] || die "there is no engine '$1'."
  echo "$list"
}

# make_environment FOLDER REQUIREMENT…: a new Python environment with these packages.
make_environment() {
  local folder=$1
  shift
  # shellcheck disable=SC2046 # A package name or nothing.
  install_packages $(python3 -c 'import ensurepip, venv' 2>/dev/null || echo python3-venv)
  if ! { python3 -m venv "$folder" && "$folder/bin/pip" install --quiet --disable-pip-version-check "$@"; } >&2; then
    die "the environment $folder could not be made. Check that pip reaches its package index, and run this again."
  fi
}

# Makes an engine's environment unless it is there with these very versions; prints its Python.
ensure_engine() {
  local folder=$engines_folder/$1 wanted
  wanted=$(engine_requirements "$1")
  if ! [ -x "$folder/bin/python" ] || [ "$(cat "$folder/requirements.txt" 2>/dev/null)" != "$wanted" ]; then
    say "Making the environment of $1 in $folder (some minutes and gigabytes)"
    # shellcheck disable=SC2086 # Words of the list.
    make_environment "$folder" $wanted
    # Written last: an installation that was interrupted is done again.
    printf '%s\n' "$wanted" >"$folder/requirements.txt"
  fi
  echo "$folder/bin/python"
}

# verl's configuration files, without verl: what its settings are checked against where there is no GPU. Prints their folder;
# beside it is an environment that composes them.
ensure_verl_configuration() {
  local folder=$engines_folder/verl-configuration version mark
  version=$(engine_requirements verl | tr ' ' '\n' | sed -n 's/^verl\(\[[^]]*\]\)\{0,1\}==//p')
  mark="verl $version"
  if ! [ -x "$folder/bin/python" ] || [ "$(cat "$folder/version.txt" 2>/dev/null)" != "$mark" ]; then
    say "Fetching the configuration of verl $version into $folder"
    rm -rf "$folder"
    make_environment "$folder" "$(engine_requirements verl | tr ' ' '\n' | grep '^hydra-core')"
    "$folder/bin/pip" download --quiet --disable-pip-version-check --no-deps --dest "$folder" "verl==$version" >&2 ||
      die "verl $version could not be fetched. Check that pip reaches its package index, and run this again."
    (cd "$folder" && python3 -m zipfile -e verl-*.whl verl-files && rm verl-*.whl)
    printf '%s\n' "$mark" >"$folder/version.txt"
  fi
  echo "$folder/verl-files/verl/trainer/config"
}
