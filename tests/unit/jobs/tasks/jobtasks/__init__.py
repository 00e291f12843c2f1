"""A package of small real tasks; the child may import it because the test's runner names it."""
