"""Telling people: one digest a channel or an owner, new and due first, and a word when no scan came."""
