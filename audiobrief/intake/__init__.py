"""What comes in: feeds, lists, exports, reading services and mail, as items."""
