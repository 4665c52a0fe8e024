/** The name of the cell in which a student says who they are, in classes with numbers of each student's own. */
export const identifierCell = "identifier";
