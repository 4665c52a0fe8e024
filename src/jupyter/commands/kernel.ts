/** `npm run kernel:install` and `npm run kernel:uninstall`: the kernel in the user's own Jupyter. */
import { runCommand, Trouble } from "../command";
import { installKernel, uninstallKernel, userDataFolder } from "../kernelspec";

runCommand(() => {
  const action = process.argv[2];
  const data = userDataFolder();
  if (action === "install") {
    const folder = installKernel(data);
    console.log(`The kernel “TypeScript (backpropagation)” is installed in ${folder}.`);
    console.log("If you move this project, install it again; npm run kernel:uninstall removes it.");
  } else if (action === "uninstall") {
    const folder = uninstallKernel(data);
    console.log(
      folder
        ? `The kernel was removed from ${folder}.`
        : `The kernel is not installed in ${data}: nothing to remove.`,
    );
  } else {
    throw new Trouble(`The command is install or uninstall, but got ${JSON.stringify(action)}.`);
  }
});
