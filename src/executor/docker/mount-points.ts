/** Where the scripts are found in a container. */
export const scriptsMount = '/continuo';
/** Where the workspace is found in a container that does not say where. */
export const defaultMountPoint = '/workspace';
/** Where a container finds the file for what it hands over: at the root, which every image has. */
export const outputsFile = '/.continuo-outputs';
