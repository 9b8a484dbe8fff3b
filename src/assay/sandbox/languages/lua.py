"""Lua 5.4."""

from assay.sandbox.languages.language import Language

LANGUAGE = Language(
    name="lua",
    extensions=(".lua",),
    command=("lua5.4", "{flags}", "{entry}"),
    version=("lua5.4", "-v"),
    install="apt-get install lua5.4 lua-unit",
    debian=("lua5.4", "lua-unit"),
    out_of_memory="not enough memory",
    canary="canary.lua",
)
