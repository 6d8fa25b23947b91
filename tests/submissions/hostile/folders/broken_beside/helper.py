def show(number):
    print(number)
