// The library of the precompiled header needs a source.
