"""All stages in their order: the only room that knows them all."""
