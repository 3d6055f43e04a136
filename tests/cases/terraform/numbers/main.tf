resource "aws_sqs_queue" "q" {
  tags = {
    a = 1.50
    b = 1e3
    c = 007
    d = 1.5e-7
    e = 12345678901234567890
    f = 0.1 + 0.2
    g = 1 / 3
    h = -0.0
    i = 0 * -1
    j = -7 % 3
    k = pow(2, 64)
    l = 10 / 4
    m = 2 * 3.5
    n = floor(2.7)
    o = ceil(2.1)
    p = max(1, 5, 3)
    q = parseint("ff", 16)
    r = 1.0
    s = -5
    t = abs(-5)
    u = signum(-3)
    v = log(8, 2)
    w = 1e30
    x = "${1e3}"
    y = tonumber("1.10")
    z = tostring(100000000000000000000)
  }
}
