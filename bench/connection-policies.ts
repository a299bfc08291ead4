/** The connection policies whose memory is measured. */
export const connectionPolicies = ['shared', 'perUser'] as const;
