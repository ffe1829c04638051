"""Bodies of requests, read no further than they may be long."""

from __future__ import annotations

from fastapi import Request


class TooLarge(Exception):
    """A request body, or a part of one, beyond its limit."""


async def limited_body(request: Request, most: int) -> bytes:
    """The body; raises ``TooLarge`` before more than ``most`` bytes are held in memory."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise TooLarge(f"a request holds at most {most} bytes")
    return bytes(body)
