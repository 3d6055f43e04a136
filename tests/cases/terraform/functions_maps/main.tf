locals {
  m = { b = "2", a = "1", c = "" }
  l = ["x", "y", "z"]
}

resource "aws_sqs_queue" "maps" {
  tags = {
    lookup    = lookup(local.m, "zz", "fallback")
    keys      = join(",", keys(local.m))
    values    = join(",", values(local.m))
    length    = length(local.m)
    contains  = contains(keys(local.m), "a")
    element   = element(local.l, 4)
    last      = element(local.l, length(local.l) - 1)
    index     = index(local.l, "y")
    slice     = join("", slice(local.l, 1, 3))
    concat    = join("", concat(local.l, ["w"]))
    distinct  = join("", distinct(["a", "b", "a"]))
    reverse   = join("", reverse(local.l))
    sort      = join("", sort(["b", "a", "B"]))
    compact   = join(",", compact(["a", "", null, "b"]))
    coalesce  = coalesce("", "second")
    coalescel = join("", coalescelist([], ["q"]))
    setunion  = join("", setunion(["b"], ["a"]))
    setinter  = join("", setintersection(["b", "a"], ["a"]))
    setsub    = join("", setsubtract(["b", "a"], ["a"]))
    product   = join(";", [for p in setproduct(["a", "b"], [1, 2]) : join("", p)])
    chunk     = length(chunklist(local.l, 2))
    range     = join(",", range(1, 7, 2))
    one       = one(["only"])
    alltrue   = alltrue([true, "true"])
    anytrue   = anytrue([false, true])
    transpose = join(",", transpose({ a = ["1", "2"], b = ["2"] })["2"])
    matchkeys = join("", matchkeys(["i1", "i2"], ["a", "b"], ["b"]))
    try       = try(local.m.nope, local.m["nope"], "tried")
    can       = can(local.m.nope)
    sum       = sum([1, 2.5])
    get       = local.m["a"]
    dotted    = local.l.1
  }
}

resource "aws_sqs_queue" "whole" {
  tags = { for k, v in merge(local.m, { a = "override" }, tomap({ d = 4 })) : k => v if v != "" }
}

resource "aws_sqs_queue" "defaults" {
  tags = tomap({ a = "1", b = true })
}
