"""Names of variables in generated programs: short, and the same for the same purpose."""

from assay.forge.ir import BOOL, BOOLS, COUNTS, INT, INT_COUNTS, INTS, ROWS, STR, STRS, Type

# Loop variables; they never name anything else.
LOOP = ("x", "y", "i", "j", "c", "w", "r", "k", "v")

# What a local variable is for -> names, the first free one is taken.
FRESH: dict[str, tuple[str, ...]] = {
    "list": ("b", "e", "g", "h", "l", "q"),
    "str": ("t", "u", "z"),
    "int": ("m", "p", "o", "num"),
    "out": ("out", "res", "acc"),
    "total": ("total", "count", "score"),
    "best": ("best", "top"),
    "dict": ("seen", "table"),
    "last": ("prev", "old"),
    "at": ("pos", "at"),
    "rest": ("rest", "others"),
    "run": ("run", "now"),
    "flag": ("ok", "flag"),
}

PARAMS: dict[Type, tuple[str, ...]] = {
    INTS: ("a", "b"),
    STR: ("s", "t"),
    INT: ("n", "m"),
    STRS: ("a", "b"),
    ROWS: ("a", "b"),
    COUNTS: ("d", "e"),
    BOOL: ("f", "g"),
}

STEP_KIND: dict[Type, str] = {
    INTS: "list",
    STRS: "list",
    ROWS: "list",
    BOOLS: "list",
    STR: "str",
    INT: "int",
    BOOL: "flag",
    COUNTS: "dict",
    INT_COUNTS: "dict",
}
