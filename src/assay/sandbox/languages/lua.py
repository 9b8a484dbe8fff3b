"""Lua 5.4."""

from assay.sandbox.languages.language import Language, Library

LANGUAGE = Language(
    name="lua",
    extensions=(".lua",),
    command=("lua5.4", "{flags}", "{entry}"),
    version=("lua5.4", "-v"),
    install="apt-get install lua5.4 lua-unit",
    debian=("lua5.4",),
    libraries=(
        Library("lua-unit", ("/usr/share/lua/5.4/luaunit.lua", "/usr/local/share/lua/5.4/luaunit.lua"), r"\bluaunit\b"),
    ),
    out_of_memory="not enough memory",
    canary="canary.lua",
)
