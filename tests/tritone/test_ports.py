from __future__ import annotations

import pytest

from tritone.ports import PortBusyError, claim, free_port


def test_a_busy_port_is_named() -> None:
    with claim("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(PortBusyError, match=rf"127\.0\.0\.1:{port} \(Address already in use\)"):
            claim("127.0.0.1", port)
    assert free_port("127.0.0.1", port) == port
