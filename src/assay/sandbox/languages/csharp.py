"""C# by Mono. Failed assertions (`Debug.Assert`) are written to stderr; they do not end the program."""

from assay.sandbox.languages.language import Compile, Language

LANGUAGE = Language(
    name="csharp",
    extensions=(".cs",),
    compile=Compile(
        command=("mcs", "-d:DEBUG", "-r:System.Numerics.dll", "-out:prog.exe", "{flags}", "{sources}"),
        keep=("prog.exe",),
    ),
    command=("mono", "--gc-params=max-heap-size={heap_mib}m", "prog.exe"),
    address_space=False,
    environment=(("MONO_TRACE_LISTENER", "Console.Error"),),
    reads=("/etc/mono",),
    needs_proc=True,
    version=("mono", "--version"),
    install="apt-get install mono-mcs libmono-system-numerics4.0-cil",
    debian=("mono-mcs", "libmono-system-numerics4.0-cil"),
    out_of_memory="OutOfMemoryException",
    canary="canary.cs",
)
