"""演练: a whole year on a published list, played through the same operations as the real one."""
