#!/bin/sh
# Say in one sentence what this machine lacks before anything is installed. Changes nothing.
python=$1
stop() { echo "stafwijzer: $1" >&2; exit 1; }

command -v "$python" >/dev/null 2>&1 ||
    stop "there is no $python; install Python 3.11 or newer, or run make PYTHON=/path/to/python3."
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    stop "$("$python" --version) is too old; install Python 3.11 or newer, or run make PYTHON=/path/to/python3.11."
"$python" -c 'import ensurepip, venv' 2>/dev/null ||
    stop "this Python cannot make virtual environments; install its venv package (Debian: apt install python3-venv)."
# llama.cpp is compiled here. CXX may name another compiler.
command -v "${CXX:-c++}" >/dev/null 2>&1 || command -v g++ >/dev/null 2>&1 || command -v clang++ >/dev/null 2>&1 ||
    stop "there is no C++ compiler; install one (Debian: apt install g++)."
# The packages take 2.5 GB and the build another 1 GB for a while.
free=$(df -Pk . | awk 'NR == 2 { print $4 }')
[ -d .venv ] || [ "$free" -gt 4000000 ] ||
    stop "only $((free / 1024)) MB are free here and 4 GB are needed; free some space or clone to another disk."
