"""A second, independent way of making the attacks: another forger with other tools, other displays, another camera.

Nothing here is used by the default variant. A figure that holds on one way of making an attack and not on the other
says something about the renderer, not about the attack.
"""
