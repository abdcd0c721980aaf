#!/bin/sh
# Installs deepcritic without root: ./install.sh [--prefix DIR] [--uninstall]. The default prefix is ~/.local.
set -eu

prefix=${HOME:?}/.local
uninstall=
while [ $# -gt 0 ]; do
  case $1 in
    --prefix)
      [ $# -ge 2 ] || { echo "install.sh: --prefix needs a directory." >&2; exit 2; }
      prefix=$2
      shift ;;
    --uninstall) uninstall=1 ;;
    -h | --help)
      echo "Installs deepcritic without root: ./install.sh [--prefix DIR] [--uninstall]. The default prefix is ~/.local."
      exit ;;
    *) echo "install.sh: unknown option '$1'; known are --prefix DIR and --uninstall." >&2; exit 2 ;;
  esac
  shift
done

here=$(cd "$(dirname "$0")" && pwd)
cd "$here"
if [ -n "$uninstall" ]; then
  find bin share -type f | while IFS= read -r file; do rm -f "$prefix/$file"; done
  # Folders that were only ours; those with other files stay.
  find bin share -depth -type d | while IFS= read -r folder; do rmdir "$prefix/$folder" 2>/dev/null || :; done
  echo "deepcritic is removed from $prefix. Workspaces are kept."
  exit
fi

if ! "$here/bin/deepcritic" --version >/dev/null 2>&1; then
  echo "install.sh: deepcritic does not start on this system:" >&2
  "$here/bin/deepcritic" --version >&2 || :
  echo "On Debian and Ubuntu, install its libraries: sudo apt install ca-certificates libncursesw6 libsqlite3-0 libssl3 libstdc++6 zlib1g" >&2
  exit 1
fi
find bin share -type d | while IFS= read -r folder; do mkdir -p "$prefix/$folder"; done
find bin share -type f | while IFS= read -r file; do
  cp "$file" "$prefix/$file.new"
  mv "$prefix/$file.new" "$prefix/$file"
done
echo "deepcritic is installed in $prefix/bin."
case :${PATH-}: in
  *:"$prefix/bin":*) echo "Try it: deepcritic sample" ;;
  *) echo "Add it to your PATH: export PATH=\"$prefix/bin:\$PATH\"   Then try it: deepcritic sample" ;;
esac
