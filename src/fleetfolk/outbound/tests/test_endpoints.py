"""Where pushes are posted: only to hosts that are allowed and public, whatever a browser says its address is."""

import pytest

from fleetfolk.outbound.endpoints import LONGEST, Unfit, allowed_of, is_public, read_endpoint

KNOWN = allowed_of("fcm.googleapis.com, *.push.services.mozilla.com,*.push.apple.com")
ANY = allowed_of("*")


@pytest.mark.parametrize(
    "url",
    [
        "https://fcm.googleapis.com/fcm/send/abc:APA91b-_x",
        "https://FCM.googleapis.com/fcm/send/abc",
        "https://updates.push.services.mozilla.com/wpush/v2/gAAAA?x=1",
        "https://web.push.apple.com:443/QAbc",
    ],
)
def test_push_services_of_browsers_are_allowed(url: str) -> None:
    endpoint = read_endpoint(url, KNOWN)
    assert endpoint.port == 443
    assert endpoint.origin == f"https://{endpoint.host}"
    assert endpoint.target.startswith("/")


@pytest.mark.parametrize(
    "url",
    [
        "http://fcm.googleapis.com/x",
        "ftp://fcm.googleapis.com/x",
        "file:///etc/passwd",
        "//fcm.googleapis.com/x",
        "https:///x",
        "https://",
        "",
        "javascript:alert(1)",
        "https://user@fcm.googleapis.com/x",
        "https://fcm.googleapis.com@127.0.0.1/x",
        "https://127.0.0.1#@fcm.googleapis.com/x",
        "https://127.0.0.1\\@fcm.googleapis.com/x",
        "https://fcm.googleapis.com:8443/x",
        "https://fcm.googleapis.com:99999/x",
        "https://fcm.googleapis.com:/\r\nHost: elsewhere",
        "https://fcm.googleapis.com/x\r\nX-Injected: 1",
        "https://fcm.googleapis.com/x y",
        "https://fcm.googleapis.com/x#part",
        "https://fcm.googleapis.com./x",
        "https://fcm.googleapis.com.evil.example/x",
        "https://evilpush.apple.com/x",
        "https://push.apple.com/x",
        "https://xpush.services.mozilla.com/x",
        "https://evil.example/?fcm.googleapis.com",
        "https://fcm。googleapis。com/x",
        "https://fcm%2egoogleapis.com/x",
        "https://ⓕcm.googleapis.com/x",
        "https://fcm.googleapis.com/" + "x" * LONGEST,
    ],
)
def test_nothing_else_is(url: str) -> None:
    with pytest.raises(Unfit):
        read_endpoint(url, KNOWN)


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "localhost", "[::1]", "10.0.0.7", "169.254.169.254", "2130706433", "0x7f000001", "0177.0.0.1"),
        *("127.1", "[::ffff:127.0.0.1]", "metadata", "db", "0", "1.2.3.4", "a..b", "-a.example", "a_b.example"),
    ],
)
def test_where_every_host_is_allowed_numbers_and_bare_names_are_not(host: str) -> None:
    with pytest.raises(Unfit):
        read_endpoint(f"https://{host}/x", ANY)
    assert read_endpoint("https://push.example.org/x", ANY).host == "push.example.org"


def test_the_service_of_a_test_is_named_with_its_port() -> None:
    allowed = allowed_of("localhost:4433,fcm.googleapis.com")
    endpoint = read_endpoint("https://localhost:4433/push/1", allowed)
    assert endpoint.local
    assert endpoint.origin == "https://localhost:4433"
    for url in ("https://localhost:4434/push/1", "https://localhost/push/1", "http://localhost:4433/push/1"):
        with pytest.raises(Unfit):
            read_endpoint(url, allowed)


@pytest.mark.parametrize("said", ["fcm googleapis com", "*.*", "https://fcm.googleapis.com", "localhost:port", "a..b"])
def test_a_setting_that_cannot_be_read_is_an_error(said: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        allowed_of(said)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.255.255.254", "0.0.0.1", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1"),
        *("169.254.169.254", "100.64.0.1", "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1"),
        *("224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255"),
        *("::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1", "fec0::1", "2001:db8::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "::10.0.0.1"),
        *("64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::a00:1", "2002:7f00:1::", "2002:a00:1::1"),
        *("2001:0:0:0:0:0:f5ff:fffe", "100::1", "not an address", ""),
    ],
)
def test_addresses_inside_a_network_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["142.250.185.74", "8.8.8.8", "2a00:1450:4001:82f::200a", "::ffff:8.8.8.8"])
def test_addresses_in_the_internet_are(address: str) -> None:
    assert is_public(address)
