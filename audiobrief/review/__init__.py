"""Requests of a person who hears an episode and mends it -> pages, JSON, sound; on `serve`."""
