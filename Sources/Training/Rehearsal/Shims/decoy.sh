#!/bin/bash
# First in PATH in a rehearsal: a cluster's own ray may come first there too, with other packages.
echo "the first 'ray' in PATH was started instead of the one beside the interpreter" >&2
exit 1
