// How Kong's messages begin when they speak of an entity as a whole (kong/db/schema/init.lua, entity_errors), which is
// what the rules across fields do.

export const ENTITY_CHECKS =
  /^(?:at least one of these fields|exactly one of these fields|only one or none of these fields|all or none of these fields|values of these fields must be distinct|failed conditional validation)/
