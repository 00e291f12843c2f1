"""What the product does: one file a subject, domain objects in and out, domain errors raised."""
