"""Copies new images into the data set. The example only needs it to be there."""


def handler(event: dict, context: object) -> dict:
    return {"records": len(event.get("Records", []))}
