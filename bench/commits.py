"""A release build of any commit of this repository. It is made in a worktree of its own and kept under the target
folder, so that it is made once: what the working tree has changed, and what cargo has built for it, stays as it is."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from servers import BENCH, build

REPOSITORY = BENCH.parent
WORKING_TREE = "working tree"


def output(*command):
    return subprocess.run(command, cwd=REPOSITORY, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def binary_of(commit):
    """The path of the binary, and a short name of what it is built from."""
    if commit == WORKING_TREE:
        return build("nautiloid"), WORKING_TREE
    full = output("git", "rev-parse", "--verify", f"{commit}^{{commit}}")
    compiler = output("rustc", "--version").split()[1]
    target = Path(os.environ.get("CARGO_TARGET_DIR", REPOSITORY / "target")).resolve() / "instructions"
    kept = target / f"nautiloid-{full}-{compiler}"
    if not kept.exists():
        with tempfile.TemporaryDirectory(prefix="nautiloid-commit-") as folder:
            tree = Path(folder) / "tree"
            output("git", "worktree", "add", "--quiet", "--detach", str(tree), full)
            try:
                built = build("nautiloid", tree, CARGO_TARGET_DIR=str(target))
                # Copied under another name first, so that a copy that was interrupted is never taken for a binary.
                shutil.copy2(built, kept.with_suffix(".part"))
                kept.with_suffix(".part").rename(kept)
            finally:
                output("git", "worktree", "remove", "--force", str(tree))
    return str(kept), full[:7]
