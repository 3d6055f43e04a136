variable "region" {
  type    = string
  default = "eu-west-1"
}

variable "environment" {
  type = string
  validation {
    condition     = contains(["prod", "staging", "dev"], var.environment)
    error_message = "One of prod, staging, dev."
  }
}

variable "owner" {
  description = "Who answers for it"
  type        = string
}

variable "pools" {
  type = map(object({
    instance_type = string
    nodes         = optional(number, 1)
    enabled       = optional(bool, true)
    workload      = optional(string, "training")
    tags          = optional(map(string), {})
  }))
}
