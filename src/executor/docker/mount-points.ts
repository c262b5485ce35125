/** Where the scripts are found in a container. */
export const scriptsMount = '/continuo';
/** Where the workspace is found in a container that does not say where. */
export const defaultMountPoint = '/workspace';
