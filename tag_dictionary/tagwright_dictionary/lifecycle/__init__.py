"""The life of a dictionary after it is written: what a change means, whom it hits, who agrees, what is published.

`diff` compares two versions, `impact` what they say of the same resources, `approval` who has to sign off, `propose`
makes an edit, `release` and `verify` publish and check an artefact. Nothing here is on the way of a gate.
"""
