"""Programs around a function of the forge: they read calls (`assay.forge.wire`), make them, and write the results.

One file a language, with `driver(names)`: what goes behind the functions of these names, in this order.
"""
