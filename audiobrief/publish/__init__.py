"""Stage 6, episodes to the world: Show and Episodes in, feed, cover and pages out."""
