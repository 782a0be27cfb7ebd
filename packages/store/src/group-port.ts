export type {
  GroupSighting,
  GroupState,
  GrowthRules as GroupRules,
  StoreCounter,
} from '@fastify-scs/core/kit'
