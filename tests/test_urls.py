"""The one include that mounts everything."""


def test_a_path_with_a_line_break_in_it_is_a_stranger_too(client):
    answer = client.get("/api/v1/orders/%0a5/payments/")

    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")
