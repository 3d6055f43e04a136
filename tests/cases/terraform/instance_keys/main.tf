# Keys print with escapes; `${` prints as `$${`.
resource "aws_sqs_queue" "q" {
  for_each = toset(["plain", "with space", "dot.ted", "sl/ash", "quo\"te", "back\\slash", "dollar$${x}", "percent%%{x}", "new\nline", "tab\t", "über", "[0]", "a\"][\"b"])
  tags     = { key = each.key }
}

module "m" {
  source   = "./m"
  for_each = { "a b" = 1, "c\"d" = 2, "$${e}" = 3 }
}
