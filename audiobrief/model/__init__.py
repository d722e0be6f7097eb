"""The nouns of the pipeline: frozen, standard library only, no input or output."""
