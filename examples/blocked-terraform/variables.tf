variable "region" {
  type    = string
  default = "us-east-1"
}

variable "environment" {
  type    = string
  default = "prod"
}

variable "trainer_count" {
  type    = number
  default = 2
}

variable "subnet_ids" {
  description = "Private subnets with enough addresses for the GPU nodes."
  type        = list(string)
}

variable "extra_tags" {
  description = "Tags of the landing zone, passed by the pipeline."
  type        = map(string)
}
